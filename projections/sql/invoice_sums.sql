SELECT position, number, gross, commission, vat, total, digest
  FROM invoice
