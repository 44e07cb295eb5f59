INSERT INTO touched (service_id) SELECT id FROM service ON DUPLICATE KEY UPDATE generation = generation + 1
