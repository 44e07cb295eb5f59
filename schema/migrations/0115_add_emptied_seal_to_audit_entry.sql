-- An entry that spoke of a child who was erased keeps its own seal, which the next one covers; its subject and detail are
-- empty, and a second seal covers what is left.
ALTER TABLE audit_entry ADD COLUMN IF NOT EXISTS emptied_seal BINARY(32) NULL
