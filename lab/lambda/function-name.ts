/** A function as a caller names it. */
export interface FunctionName {
  readonly name: string;
  /** Alias or version. */
  readonly qualifier?: string;
}

const pattern = /^(?:arn:aws:lambda:[\w-]+:)?(?:\d{12}:)?(?:function:)?([\w-]+)(?::([\w$-]+))?$/;

/** Parses `name`, `name:qualifier`, a partial or a full ARN. A separate qualifier has lower priority. */
export function parseFunctionName(text: string, apart: string | null): FunctionName | undefined {
  const [, name, within] = pattern.exec(text) ?? [];
  const qualifier = within ?? apart;
  return name === undefined ? undefined : { name, ...(qualifier && { qualifier }) };
}
