COPY billing_pending (mission) FROM STDIN
