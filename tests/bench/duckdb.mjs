// duckdb.mjs JOB.json: loads CSV files and runs queries, as JOB says, in one DuckDB of its own. Prints seconds of both
// and the rows of each query.
import { DuckDBInstance } from "@duckdb/node-api";
import { readFileSync } from "node:fs";

const job = JSON.parse(readFileSync(process.argv[2], "utf8"));
const connection = await (await DuckDBInstance.create(":memory:", { threads: String(job.threads) })).connect();
const began = performance.now();
for (const statement of job.load) await connection.run(statement);
const loaded = performance.now();
const rows = {};
for (const [name, query] of Object.entries(job.queries)) rows[name] = (await connection.runAndReadAll(query)).getRowsJson();
const done = performance.now();
console.log(JSON.stringify({ load: (loaded - began) / 1000, compute: (done - loaded) / 1000, rows }));
