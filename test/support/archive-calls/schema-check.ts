/** The keywords of JSON Schema (draft 2020-12) that our published schemas use; any other is refused, so that none goes unchecked. */
export interface Schema {
  readonly $schema?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
}

const known = new Set([
  ...["$schema", "title", "description", "type", "properties", "required", "additionalProperties"],
  ...["items", "enum", "const", "minimum", "maximum"],
]);

/** Everything in which `value` is not what `schema` says, by path. */
export function schemaComplaints(value: unknown, schema: Schema, path = "$"): string[] {
  const unknown = Object.keys(schema).filter((keyword) => !known.has(keyword));
  if (unknown.length > 0) return [`${path}: the schema uses ${unknown.join(", ")}, which is not checked`];
  if (schema.type && !hasType(value, schema.type)) return [`${path}: not of type ${schema.type}`];
  const complaints: string[] = [];
  if ("const" in schema && value !== schema.const) complaints.push(`${path}: not ${String(schema.const)}`);
  if (schema.enum && !schema.enum.includes(value)) complaints.push(`${path}: not one of ${schema.enum.join(", ")}`);
  if (typeof value === "number" && (value < (schema.minimum ?? -Infinity) || value > (schema.maximum ?? Infinity))) {
    complaints.push(`${path}: out of bounds`);
  }
  if (Array.isArray(value)) {
    const { items = {} } = schema;
    return [...complaints, ...value.flatMap((each, index) => schemaComplaints(each, items, `${path}[${index}]`))];
  }
  return isObject(value) ? [...complaints, ...memberComplaints(value, schema, path)] : complaints;
}

function memberComplaints(value: Readonly<Record<string, unknown>>, schema: Schema, path: string): string[] {
  const { properties = {}, required = [], additionalProperties } = schema;
  const missing = required.filter((name) => !(name in value)).map((name) => `${path}.${name}: is missing`);
  const others = Object.keys(value).filter((name) => !(name in properties) && additionalProperties === false);
  const within = Object.entries(properties).flatMap(([name, member]) =>
    name in value ? schemaComplaints(value[name], member, `${path}.${name}`) : [],
  );
  return [...missing, ...others.map((name) => `${path}.${name}: not a known field`), ...within];
}

function hasType(value: unknown, type: NonNullable<Schema["type"]>): boolean {
  switch (type) {
    case "object":
      return isObject(value);
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
