import * as z from "zod/mini";

/** Returns a schema for a member that may be left out. Null is absent, whoever sends it: both read as undefined. */
export function optional<T extends z.ZodMiniType>(schema: T) {
  return z.pipe(
    z.nullish(schema),
    z.transform((value: z.output<T> | null | undefined) => value ?? undefined),
  );
}

/** Returns a schema for a member that is read if it has the documented form, and is absent if it has another. */
export function lenient<T extends z.ZodMiniType>(schema: T) {
  return z.catch(z.optional(schema), undefined);
}
