let hasDied = false;

export function noteContainerDeath(): void {
  hasDied = true;
}

/** Returns whether a container has died since the last call: the memory of its spools is never released. */
export function takeContainerDeaths(): boolean {
  const died = hasDied;
  hasDied = false;
  return died;
}
