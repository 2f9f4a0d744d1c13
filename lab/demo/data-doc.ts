import { type Column, partitionColumn, type Table, tables } from "../../shared/core/tables/table-schema.ts";
import type { ResultRow } from "./open-tables.ts";

/** A query as it lies in infra/queries. */
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

\`build-tables\` makes tables for SQL of what the other jobs have archived: Parquet files, one a table and day, in the archive bucket.

\`\`\`
tables/<table>/day=<YYYY-MM-DD>/<table>.parquet
\`\`\`

They are made from the archive and can be made again; the archive itself is in \`calls/\`, \`manifests/\` and \`analytics/\`. The job
runs whenever one of the others has ended, and builds the days that have changed. To build days again, or all of them:

\`\`\`json
{ "job": "build-tables", "from": "2026-11-01", "to": "2026-11-08", "rebuild": true }
{ "job": "build-tables", "rebuild": true }
\`\`\`

In Athena the tables have the names below. In DuckDB each becomes one by a line, over a copy of the folder or over the bucket itself:

\`\`\`sql
CREATE VIEW calls AS
SELECT * FROM read_parquet('tables/calls/*/*.parquet', hive_partitioning = true, hive_types_autocast = false);
\`\`\`

- Every table has a column \`${partitionColumn.name}\`. ${partitionColumn.about} Name it in \`WHERE\`, and Athena reads those days only.
- Timestamps have milliseconds and no zone. Those of unit UTC are moments; those of unit local are what a clock on the wall showed.
- Ids are texts: some have more digits than a number keeps.
- A column is null where RingCentral says nothing, or something of another type than it should. Columns marked with a dot (·) are never null.
- A row of \`calls\` is a call record. A call may have several: RingOut makes two. To count calls, count each \`session_id\` once: RingCentral promises one in every record, and \`telephony_session_id\` in some.
- What RingCentral says beyond these columns is in the raw records, \`calls/account=<id>/date=<day>/calls.jsonl.gz\`.

\`\`\`sql
${countCalls}
\`\`\`
`;

/** The text of docs/data.md; \`outputs\` are what the queries gave, by their names, as they are to be shown. */
export function dataDoc(queries: readonly Query[], outputs: Readonly<Record<string, string>> = {}): string {
  const named = Object.entries<Table>(tables);
  return [
    introduction,
    ...named.map(([name, table]) => tableSection(name, table)),
    "## Queries\n\nThese come with the stack as Athena's saved queries, and run in DuckDB as they are. Each restricts `day` of every table it reads to the last 30 days: write others there. Without that, Athena would look for files of every day since 400 days before `archiveFrom`.\n",
    ...queries.map((query) => querySection(query, outputs[query.name])),
  ].join("\n");
}

function tableSection(name: string, { about, from, columns }: Table): string {
  const heading = `## ${name}\n\n${about}\n\nMade from: ${from}\n`;
  return [
    heading,
    line("Column", "Type", "Unit", "From", "What it says"),
    line("-", "-", "-", "-", "-"),
    ...columns.map(columnLine),
    "",
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
  const shown = output === undefined ? "" : `\nA night in the lab answers:\n\n\`\`\`\n${output.trimEnd()}\n\`\`\`\n`;
  return `### ${name.replace(/\.sql$/, "").replaceAll("-", " ")}\n\n${question.replace(/^-- /, "")} (\`infra/queries/${name}\`)\n\n\`\`\`sql\n${sql.join("\n")}\n\`\`\`\n${shown}`;
}

const rowsShown = 6;

/** A query's answer as a table for people: its first rows, and how many more there are. */
export function tableText(rows: readonly ResultRow[]): string {
  const names = Object.keys(rows[0] ?? {});
  const cells = rows.slice(0, rowsShown).map((row) => names.map((name) => cellText(row[name] ?? null)));
  const all = [names, ...cells];
  const widths = names.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const lines = all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const more = rows.length - cells.length;
  return [...lines, ...(more > 0 ? [`… and ${more} more`] : [])].join("\n");
}

function cellText(value: ResultRow[string]): string {
  if (value instanceof Date) return value.toISOString().slice(0, 19).replace("T", " ");
  return value === null ? "–" : String(value);
}
