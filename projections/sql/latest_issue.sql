SELECT coalesce(max(issued_at), 0) FROM invoice
