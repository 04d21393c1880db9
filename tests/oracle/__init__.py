"""A slow second opinion: the indicators computed in plain Python from the import files.

Nothing here may import the product. A mistake made twice by two programs that share no line is rare; that is the
whole value of this folder, so clarity comes before speed and nothing is reused from the apps.
"""
