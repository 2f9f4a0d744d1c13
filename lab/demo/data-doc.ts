import {
  type Column,
  partitionColumn,
  type Table,
  type TableName,
  tables,
} from "../../shared/core/tables/table-schema.ts";

/** A query of infra/queries. */
export interface Query {
  readonly name: string;
  readonly text: string;
}

/** How many records and how many calls each day has. */
export const countCalls = `SELECT day, COUNT(*) AS records, COUNT(DISTINCT COALESCE(session_id, id)) AS calls
FROM calls
WHERE day >= CAST(CAST(current_date - INTERVAL '30' DAY AS DATE) AS VARCHAR)
  AND NOT deleted AND NOT vanished AND NOT moved
GROUP BY day
ORDER BY day`;

const introduction = `# The tables

The job \`build-tables\` builds SQL tables from what the other jobs have archived. Each table has one Parquet file a day in the derived bucket
(output \`DerivedBucket\`):

\`\`\`
tables/<table>/day=<YYYY-MM-DD>/<table>.parquet
\`\`\`

This bucket contains nothing but what can be built again from the archive. The job runs when a run of another job has ended, and builds the days that
have changed. To build days again, or all days, [send \`start-run\`](operations.md#running-manually) one of these requests:

\`\`\`json
{ "job": "build-tables", "from": "2026-11-01", "to": "2026-11-08", "rebuild": true }
{ "job": "build-tables", "rebuild": true }
\`\`\`

In Athena the tables have the names below. In DuckDB create a view for each table, over a copy of the folder or over the bucket itself:

\`\`\`sql
CREATE VIEW calls AS
SELECT * FROM read_parquet('tables/calls/*/*.parquet', hive_partitioning = true, hive_types_autocast = false);
\`\`\`

What holds for all tables:

- Every table has a column \`${partitionColumn.name}\`. Use it in \`WHERE\`: Athena then reads only those days. ${partitionColumn.about}
- Timestamps have milliseconds and no zone. Unit UTC means the moment in UTC. Unit local means the time on a clock in the archive's time zone.
- Ids are texts: some have more digits than a number keeps.
- Columns marked with a dot (·) are never null. Any other column is null if RingCentral gives no value, or a value of the wrong type.
- The raw records have more fields than these columns: \`calls/account=<id>/date=<day>/calls.jsonl.gz\`.

**To count calls, count each \`session_id\` once.** A call may have several records in \`calls\`: RingOut makes two. RingCentral promises a \`session_id\` in every
record, and a \`telephony_session_id\` in some:

\`\`\`sql
${countCalls}
\`\`\`
`;

/** Text about a table that its columns do not say. */
const notes: Partial<Record<TableName, string>> = {
  recordings: `States:

- \`stored\`: the recording is in the archive.
- \`pending\`: it is not fetched yet. The next runs try again.
- \`not-found\`: RingCentral answered "not found", or sent an empty file, for 14 days while other recordings succeeded.
- \`refused\`: RingCentral refused this recording for 14 days while other recordings succeeded.
- \`already-deleted\`: RingCentral had deleted it before Nightshift first saw it.
- \`lost\`: Nightshift saw it in time but never fetched it, and RingCentral has deleted it since.
`,
};

const queryIntroduction = `## Queries

The stack saves these queries in Athena. They also run in DuckDB, unchanged. Each query covers the last 30 days: it restricts \`day\` of every table that it reads.
Keep such a restriction in queries of your own. Without it, Athena looks for files of every day since 400 days before \`archiveFrom\`.

The results below are of another company than that of \`npm start\`: 40 calls a day, of which the analytics miss some, and one recording that RingCentral does not
have. So each query shows something.
`;

/** Returns the text of docs/data.md; `outputs` are the results of the queries by name, as text. */
export function dataDoc(queries: readonly Query[], outputs: Readonly<Record<string, string>> = {}): string {
  const namedTables = Object.entries<Table>(tables) as [TableName, Table][];
  return [
    introduction,
    ...namedTables.map(([name, table]) => tableSection(name, table)),
    queryIntroduction,
    ...queries.map((query) => querySection(query, outputs[query.name])),
  ].join("\n");
}

function tableSection(name: TableName, { about, from, columns }: Table): string {
  const note = notes[name];
  const heading = `## ${name}\n\n${about}\n\nMade from: ${from}\n`;
  return [
    heading,
    line("Column", "Type", "Unit", "From", "Meaning"),
    line("-", "-", "-", "-", "-"),
    ...columns.map(columnLine),
    "",
    ...(note === undefined ? [] : [note]),
  ].join("\n");
}

function columnLine({ name, type, unit = "", source = "", about, certain }: Column): string {
  return line(certain ? `\`${name}\` ·` : `\`${name}\``, type, unit, source, about);
}

function line(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function querySection({ name, text }: Query, output: string | undefined): string {
  const [question = "", ...sql] = text.trimEnd().split("\n");
  const shown = output === undefined ? "" : `\nA night in the lab returns:\n\n\`\`\`\n${output.trimEnd()}\n\`\`\`\n`;
  return `### ${name.replace(/\.sql$/, "").replaceAll("-", " ")}\n\n${question.replace(/^-- /, "")} (\`infra/queries/${name}\`)\n\n\`\`\`sql\n${sql.join("\n")}\n\`\`\`\n${shown}`;
}
