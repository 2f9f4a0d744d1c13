import fc from "fast-check";

/** Text of a response that no error and no log may repeat. It represents a number, a name or a token. */
export const planted = "+16505550100.Zm9yYmlkZGVu";

const strings = fc.oneof(
  fc.constantFrom("", planted, `https://media.example.com/${planted}`, "\ud800", "__proto__", "0", "-1", "null"),
  fc.constantFrom("2026-11-04T08:30:00Z", "+275760-09-13T00:00:00.000Z", "CMN-102", "a".repeat(5_000)),
  fc.string({ unit: "binary", maxLength: 12 }),
);
const numbers = fc.oneof(
  fc.constantFrom("0", "-0", "-1", "1", "90", "1.5", "1e21", "1e400", "-1e400", "5e-324", "9007199254740993"),
  fc.bigInt().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => JSON.stringify(number)),
);
const keys = fc.oneof(
  fc.constantFrom("__proto__", "constructor", "prototype", "toString", "polluted", "id", "uri", "errorCode", planted),
  fc.string({ maxLength: 4 }),
);

/** Any JSON as text, so that it may have values that JavaScript lacks, and duplicate keys. */
export const jsonText: fc.Arbitrary<string> = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.oneof(
      fc.constantFrom("null", "true", "false", JSON.stringify(planted)),
      strings.map((text) => JSON.stringify(text)),
      numbers,
    ),
    fc.array(tie("any"), { maxLength: 3 }).map((items) => `[${items.join(",")}]`),
    fc.array(fc.tuple(keys, tie("any")), { maxLength: 4 }).map(objectText),
    fc.constantFrom('{"__proto__":{"polluted":true}}', '{"constructor":{"prototype":{"polluted":true}}}'),
  ),
})).any;

function objectText(members: readonly (readonly [string, string])[]): string {
  return `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(",")}}`;
}

const hole = "the place that is filled otherwise";

/** Generates a documented response, as text, with any JSON in up to three places, and perhaps cut short. */
export function mutated(document: unknown): fc.Arbitrary<string> {
  const mutation = fc.record({ path: fc.array(fc.nat({ max: 7 }), { minLength: 1, maxLength: 6 }), text: jsonText });
  const cut = fc.option(fc.nat({ max: 200 }), { nil: undefined, freq: 8 });
  return fc.tuple(fc.array(mutation, { maxLength: 3 }), cut).map(([mutations, length]) => {
    const value = mutations.reduce((before, { path }, index) => replacedAt(before, path, `${hole} ${index}`), document);
    const text = mutations.reduce(
      (before, mutation, index) => before.replace(`"${hole} ${index}"`, () => mutation.text),
      JSON.stringify(value),
    );
    return text.slice(0, length);
  });
}

/** Returns `value` with another value at `path`; a path that is too long ends earlier. */
function replacedAt(value: unknown, [step, ...path]: readonly number[], by: string): unknown {
  if (step === undefined || typeof value !== "object" || value === null) return by;
  const entries = Object.entries(value);
  const [key, part] = entries[step % entries.length] ?? [];
  if (key === undefined) return by;
  const changed = replacedAt(part, path, by);
  return Array.isArray(value) ? value.with(Number(key), changed) : { ...value, [key]: changed };
}
