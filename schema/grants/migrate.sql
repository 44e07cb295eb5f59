-- Changes the schema and keeps the reference data; no service runs under it.
GRANT ALL PRIVILEGES ON {database}.* TO {account};
