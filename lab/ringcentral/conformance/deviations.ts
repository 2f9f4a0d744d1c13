import { type DocumentedMember, documentedMembers } from "./documented-schema.ts";

/** Lists every deviation of `value` from the schema by its path: missing or unknown members, wrong types and values. */
export function deviations(value: unknown, schema: string, path: string = schema): readonly string[] {
  if (typeof value !== "object" || value === null) return [`${path} is no object`];
  const members = documentedMembers(schema);
  const names = new Set(members.map(({ name }) => name));
  const strange = Object.keys(value).filter((name) => !names.has(name));
  return [
    ...strange.map((name) => `${path} has ${name}, which is not documented`),
    ...members.flatMap((member) => deviationsOfMember(Reflect.get(value, member.name), member, path)),
  ];
}

function deviationsOfMember(value: unknown, member: DocumentedMember, path: string): readonly string[] {
  const at = `${path}.${member.name}`;
  if (value === undefined) return member.required ? [`${path} lacks ${member.name}`] : [];
  if (!member.list) return deviationsOfOne(value, member, at);
  if (!Array.isArray(value)) return [`${at} is no list`];
  return value.flatMap((each) => deviationsOfOne(each, member, `${at}[]`));
}

function deviationsOfOne(value: unknown, { type }: DocumentedMember, at: string): readonly string[] {
  if ("schema" in type) return deviations(value, type.schema, at);
  if ("values" in type) return type.values.some((each) => each === value) ? [] : [`${at} is ${JSON.stringify(value)}`];
  return typeof value === type.scalar ? [] : [`${at} is no ${type.scalar}`];
}
