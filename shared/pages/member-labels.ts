import type { MemberFigures } from "../core/figures/day-figures.ts";
import type { RowName } from "./charts/shortened.ts";

export type LabelOf = (member: MemberFigures) => RowName;

/** Returns how members are called: those of one name with their extension numbers, one without a name by its number or as `unnamed`. */
export function memberLabels(members: readonly MemberFigures[], unnamed: string): LabelOf {
  const bearers = Map.groupBy(members, ({ name }) => name?.trim());
  return (member) => {
    const { name } = member;
    const extension = extensionOf(member);
    if (!name?.trim()) return { name: extension ?? unnamed };
    const isShared = (bearers.get(name.trim())?.length ?? 0) > 1;
    return isShared ? { name, ending: `, ${extension ?? "no extension"}` } : { name };
  };
}

/** "Ext. 101"; undefined without a number. */
export function extensionOf({ extensionNumber }: MemberFigures): string | undefined {
  return extensionNumber === undefined ? undefined : `Ext. ${extensionNumber}`;
}

/** Returns a label where it need not be shortened. */
export function labelText({ name, ending = "" }: RowName): string {
  return `${name}${ending}`;
}
