/** A table of a page, as its readers see it. */
export interface ShownTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

/** The text of HTML without its tags. */
export function textIn(html: string): string {
  return html.replaceAll(/<[^>]*>/g, "").replaceAll(/&(#?\w+);/g, (entity, name: string) => entities[name] ?? entity);
}

/** Every table of a page by its caption. */
export function tablesIn(html: string): ReadonlyMap<string, ShownTable> {
  const tables = [...html.matchAll(/<table><caption>([\s\S]*?)<\/caption>([\s\S]*?)<\/table>/g)];
  return new Map(
    tables.map(([, caption = "", body = ""]) => {
      const [head = [], ...rows] = [...body.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row = ""]) =>
        [...row.matchAll(/<t[hd][^>]*>([\s\S]*?)<\/t[hd]>/g)].map(([, cell = ""]) => textIn(cell)),
      );
      return [textIn(caption), { head, rows }] as const;
    }),
  );
}

/** The rows of one table, without its heads. @throws if the page has no such table */
export function rowsIn(html: string, caption: string): readonly (readonly string[])[] {
  const table = tablesIn(html).get(caption);
  if (!table) throw new Error(`The page has no table "${caption}", but ${[...tablesIn(html).keys()].join(", ")}`);
  return table.rows;
}

/** The text of each heading of one level. */
export function headingsIn(html: string, level: 1 | 2 | 3): readonly string[] {
  return [...html.matchAll(new RegExp(`<h${level}>([\\s\\S]*?)</h${level}>`, "g"))].map(([, text = ""]) =>
    textIn(text),
  );
}
