"""AM and PM marks, what the codes mean, and the figures that follow from them."""
