-- England asks for a quarter of every authority.
ALTER TABLE quarterly_return ADD KEY IF NOT EXISTS quarterly_return_quarter (quarter, state, authority_id, version)
