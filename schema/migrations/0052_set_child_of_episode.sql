UPDATE episode JOIN child ON child.authority_id = episode.authority_id AND child.pseudonym = episode.child_pseudonym
SET episode.child_id = child.id
