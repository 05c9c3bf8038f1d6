"""Rules of the house that import contracts and linters cannot see, each as a small check."""
