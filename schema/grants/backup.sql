-- A copy of everything: reads all, changes nothing.
GRANT SELECT, SHOW VIEW, LOCK TABLES ON {database}.* TO {account};
