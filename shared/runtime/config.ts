import * as z from "zod/mini";
import { Env } from "../contract.ts";
import { fieldErrorText } from "../core/field-errors.ts";
import { JobError } from "../errors.ts";

/** Reads the environment once, whole. @throws JobError CONFIG_INVALID, naming every wrong or missing variable */
export function parseConfig<T>(schema: z.ZodMiniType<T>, environment: Readonly<Record<string, string | undefined>>): T {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  throw new JobError("CONFIG_INVALID", `The function's environment is wrong: ${fieldErrorText(parsed.error.issues)}`, {
    hint: "Deploy the stack again; its settings are checked before anything changes.",
  });
}

const Json = z.transform((text: string, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.issues.push({ code: "custom", message: "expected JSON", input: text });
    return z.NEVER;
  }
});
const Targets = z.object({ [Env.targets]: z.pipe(z.pipe(z.string(), Json), z.record(z.string(), z.string())) });

/** Which alias to invoke for each job: a JSON object of job → qualified ARN. */
export function parseTargets(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return parseConfig(Targets, environment)[Env.targets];
}
