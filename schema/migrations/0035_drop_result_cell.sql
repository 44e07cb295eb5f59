-- Its figures now stand in service_result, and can all be computed again.
DROP TABLE IF EXISTS result_cell
