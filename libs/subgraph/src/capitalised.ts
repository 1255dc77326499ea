/** `loyalty` → `Loyalty`, for names that carry the subgraph's. */
export const capitalised = (name: string): string => name[0]!.toUpperCase() + name.slice(1);
