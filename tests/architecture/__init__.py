"""The rules of the house, each as a test that reads the source, the templates, the URL map or the catalog."""
