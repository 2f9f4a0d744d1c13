import { readFileSync } from "node:fs";

/** One member of a schema in RingCentral's OpenAPI. */
export interface DocumentedMember {
  readonly name: string;
  readonly required: boolean;
  /** Another schema, a scalar, or the list of allowed values. */
  readonly type: { readonly schema: string } | { readonly scalar: string } | { readonly values: readonly string[] };
  readonly list: boolean;
}

const definitions = new URL("../../../node_modules/@rc-ex/core/dist/definitions/", import.meta.url);
const known = new Map<string, readonly DocumentedMember[]>();

/**
 * A schema's members, read from `@rc-ex/core`, whose definitions RingCentral generates from its OpenAPI. Its types mark
 * everything as optional; what is required stands in the comments alone.
 */
export function documentedMembers(schema: string): readonly DocumentedMember[] {
  const members = known.get(schema) ?? readMembers(readFileSync(new URL(`${schema}.d.mts`, definitions), "utf8"));
  known.set(schema, members);
  return members;
}

/** Returns the values that RingCentral documents for a member; empty if it is no enumeration. */
export function documentedValues(schema: string, name: string): readonly string[] {
  const type = documentedMembers(schema).find((member) => member.name === name)?.type;
  return type && "values" in type ? type.values : [];
}

function readMembers(text: string): readonly DocumentedMember[] {
  const found = text.matchAll(/\/\*\*(?<comment>(?:(?!\*\/)[\s\S])*)\*\/\s+(?<name>\w+)\?: (?<type>[^;]+);/g);
  return [...found].map(({ groups = {} }) => {
    const { comment = "", name = "", type = "" } = groups;
    return { name, required: /^\s*\* Required$/m.test(comment), ...typeOf(type) };
  });
}

function typeOf(text: string): Pick<DocumentedMember, "type" | "list"> {
  const list = text.endsWith("[]");
  const one = text.replace(/\[\]$/, "").replace(/^\(|\)$/g, "");
  if (one.startsWith('"')) return { list, type: { values: one.split(" | ").map((value) => JSON.parse(value)) } };
  return { list, type: /^[A-Z]/.test(one) ? { schema: one } : { scalar: one } };
}
