"""Documents made from the code: the glossary from the terms, the clause table from the docstrings."""
