-- The inspectors' door: people of the inspectorate, inspections, and reports that a worker made. No record of a child, no
-- table that a figure is computed from, and of a sample's records only their numbers.
GRANT SELECT ON {database}.migration TO {account};
GRANT SELECT ON {database}.authority TO {account};
GRANT SELECT, INSERT, UPDATE ON {database}.person TO {account};
GRANT SELECT, INSERT, UPDATE (last_seen_at, confirmed_at, wrong_proofs), DELETE ON {database}.browser_session TO {account};
GRANT SELECT, INSERT, DELETE ON {database}.recovery_code TO {account};
GRANT SELECT, INSERT, UPDATE (accepted_at, withdrawn_at) ON {database}.invitation TO {account};
GRANT SELECT, INSERT, DELETE ON {database}.provider_sign_in TO {account};
GRANT SELECT ON {database}.delegation TO {account};
GRANT INSERT ON {database}.audit_entry TO {account};
GRANT SELECT (chain, last_position, last_seal, last_entry_at, written_at), UPDATE (last_position, last_seal, last_entry_at, written_at) ON {database}.audit_chain TO {account};
GRANT SELECT, INSERT, UPDATE (answer) ON {database}.submission TO {account};
GRANT SELECT, INSERT, UPDATE, DELETE ON {database}.kept_form TO {account};
GRANT SELECT ON {database}.region TO {account};
GRANT SELECT ON {database}.authority_code TO {account};
GRANT SELECT, INSERT ON {database}.adherence_report TO {account};
GRANT SELECT ON {database}.adherence_detail TO {account};
GRANT SELECT, INSERT, UPDATE (closes_on, ended_at, ended_by) ON {database}.inspection TO {account};
GRANT SELECT, INSERT, UPDATE ON {database}.inspection_member TO {account};
GRANT SELECT, INSERT ON {database}.inspection_report TO {account};
GRANT SELECT, INSERT ON {database}.inspection_note TO {account};
GRANT SELECT, INSERT, UPDATE (closed_at) ON {database}.evidence_request TO {account};
GRANT SELECT, INSERT ON {database}.record_sample TO {account};
GRANT SELECT (sample_id, number, stratum) ON {database}.sampled_record TO {account};
GRANT SELECT ON {database}.given_self_evaluation TO {account};
GRANT SELECT ON {database}.key_fingerprint TO {account};
