import type { Template } from "aws-cdk-lib/assertions";

export interface Resource {
  readonly id: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** Returns every resource of a type, with its logical id. */
export function resourcesOf(template: Template, type: string): readonly Resource[] {
  const found = template.findResources(type) as Readonly<Record<string, Omit<Resource, "id">>>;
  return Object.entries(found).map(([id, resource]) => ({ ...resource, id, Properties: resource.Properties ?? {} }));
}

/** Returns the one resource of a type whose logical id has this start. */
export function resourceOf(template: Template, type: string, idBegins = ""): Resource {
  const found = resourcesOf(template, type).filter(({ id }) => id.startsWith(idBegins));
  const [only] = found;
  if (!only || found.length > 1) throw new Error(`${found.length} of ${type} begin with ${idBegins}`);
  return only;
}

/** Returns the function of a job, or `start-run`. */
export function functionOf(template: Template, name: string): Resource {
  return resourceOf(template, "AWS::Lambda::Function", `${name.replaceAll("-", "")}Function`);
}

/** Converts a property of CloudFormation to one text: references as `<LogicalId.Attribute>` or `<LogicalId>`. */
export function flat(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  const { Ref, "Fn::GetAtt": attribute, "Fn::Join": join } = value as Readonly<Record<string, unknown>>;
  if (typeof Ref === "string") return `<${Ref}>`;
  if (Array.isArray(attribute)) return `<${attribute.join(".")}>`;
  if (Array.isArray(join)) return (join[1] as unknown[]).map(flat).join(String(join[0]));
  throw new Error(`not a reference: ${JSON.stringify(value)}`);
}

export interface Right {
  readonly action: string;
  readonly resource: string;
  readonly condition: unknown;
}

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** Returns every single permission of a function's role. */
export function rightsOf(template: Template, name: string): readonly Right[] {
  const role = flat(functionOf(template, name).Properties.Role).replace(".Arn", "");
  const policies = resourcesOf(template, "AWS::IAM::Policy").filter(({ Properties }) =>
    (Properties.Roles as unknown[]).map(flat).includes(role),
  );
  return policies.flatMap(({ Properties }) => statementsOf(Properties.PolicyDocument).flatMap(allowed));
}

/** Returns every statement of a policy document. */
export function statementsOf(document: unknown): readonly Statement[] {
  return (document as { readonly Statement: readonly Statement[] }).Statement;
}

function allowed({ Effect, Action, Resource, Condition }: Statement): Right[] {
  if (Effect !== "Allow") return [];
  return [Action]
    .flat()
    .flatMap((action) =>
      [Resource].flat().map((resource) => ({ action, resource: flat(resource), condition: Condition })),
    );
}

/** Returns all references in a part of a template, as logical id or as `AWS::…`. */
export function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    if (name === "Ref") return [String(inner)];
    if (name === "Fn::GetAtt") return [String(Object(inner)[0])];
    if (name === "DependsOn") return [inner].flat().map(String);
    return referencesIn(inner);
  });
}
