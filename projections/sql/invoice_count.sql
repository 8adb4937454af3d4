SELECT count(*) FROM invoice
