"""The features scenario: a stuck model whose learner is fixed, dirty event tables, and labels some of which are wrong."""
