import type { ContainerFate } from "../container.ts";

/**
 * The first container of a run dies before it notes that the datasets of a query are stored: by then every page of its
 * first rate window is stored.
 */
export function diesBeforeStoring(container: number, onDeath = () => {}): ContainerFate {
  return {
    dies: ({ operation, target }, when) => {
      const isNote = operation === "PutObject" && /analytics\/queries\/.*\/stored\//.test(target);
      const isHit = container === 0 && when === "before" && isNote;
      if (isHit) onDeath();
      return isHit;
    },
  };
}
