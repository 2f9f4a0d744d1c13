import type { Command } from "./command.ts";
import { anyText } from "./options.ts";

const texts = {
  query: { value: "query", help: "SQL in quotes, or the name of a saved query; the names without one", check: anyText },
  tables: {
    value: "folder",
    help: "a copy of the derived bucket by aws s3 sync, or what npm start has written",
    check: anyText,
  },
};
const flags = { json: "every row is a line of JSON" };

export const queryCommand: Command<keyof typeof texts, keyof typeof flags> = {
  name: "query",
  summary:
    "Queries the tables in a folder with DuckDB, by SQL or by the name of a query that the stack saves in Athena.",
  statuses: "0 there are rows, 1 there are none, 2 the query failed.",
  examples: [
    "calls-per-hour --tables ./derived",
    '"SELECT day, count(*) AS records FROM calls GROUP BY day ORDER BY day" --tables ./derived',
  ],
  texts,
  flags,
  positional: "query",
  checkCombination: ({ query, tables }) =>
    query !== undefined && tables === undefined ? ["--tables is missing: the folder of the tables"] : [],
  load: async () => (await import("./query.ts")).query,
};

export type QueryOptions = Parameters<typeof queryCommand.checkCombination>[0];
