"""What watches a model in production: takes tables, returns values, touches no files.

Read `vocabulary` for the nouns, `monitor` for how the layers are put together.
"""
