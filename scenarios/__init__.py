"""The lessons: each composes the pipelines with something wrong, tells the story and grades answers."""
