"""Lists and single records as XLSX, CSV and PDF, from the columns that the screen shows."""
