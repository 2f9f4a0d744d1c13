import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { App, CloudFormationValidatePlugin } from "aws-cdk-lib";
import { referencesIn } from "./resources.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export interface TemplateParts {
  readonly Resources: Readonly<Record<string, unknown>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}

/**
 * What CloudFormation's own resource schemas, which CDK brings along, say against `templates`: a name, a rule and a sentence each.
 * What a template shares with one before it is looked at once.
 */
export function schemaFindings(templates: Readonly<Record<string, TemplateParts>>): readonly string[] {
  const folder = temporaryFolder("templates");
  const seen = new Set<string>();
  const stacks = Object.entries(templates).flatMap(([name, template], n) => {
    const templatePath = join(folder, `${n}.template.json`);
    const unseen = unseenOf(template, seen);
    if (Object.keys(unseen.Resources).length === 0) return [];
    writeFileSync(templatePath, JSON.stringify(unseen));
    return [{ name, templatePath, stackConstructPath: name, accountId: undefined, region: undefined }];
  });
  const { violations } = new CloudFormationValidatePlugin().validate({
    stackTemplates: stacks,
    templatePaths: stacks.map(({ templatePath }) => templatePath),
    appConstruct: new App({ outdir: folder }),
  });
  return violations.flatMap(({ ruleName, description, violatingResources }) =>
    violatingResources.map(({ templatePath }) => {
      const name = stacks.find((each) => each.templatePath === templatePath)?.name;
      return `${name}: ${ruleName} ${description}`;
    }),
  );
}

/** Returns the parts of a template that no earlier one had, with all their references. */
function unseenOf({ Resources, Outputs = {} }: TemplateParts, seen: Set<string>): TemplateParts {
  const unseen = (parts: Readonly<Record<string, unknown>>) =>
    Object.entries(parts).filter((part) => {
      const text = JSON.stringify(part);
      return !seen.has(text) && seen.add(text);
    });
  const outputs = Object.fromEntries(unseen(Outputs));
  const needed = new Set([...unseen(Resources).map(([id]) => id), ...referencesIn(outputs)]);
  for (const id of needed) for (const other of referencesIn(Resources[id])) needed.add(other);
  const resources = Object.entries(Resources).filter(([id]) => needed.has(id));
  return { Resources: Object.fromEntries(resources), ...(Object.keys(outputs).length > 0 && { Outputs: outputs }) };
}
