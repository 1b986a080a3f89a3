"""The features scenario: a stuck model whose learner is fixed, dirty event tables, and some wrong labels."""
