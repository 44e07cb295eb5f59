-- Who is signed in signs in again: a session now belongs to a door and says how far its person has come.
DROP TABLE IF EXISTS sign_in_session
