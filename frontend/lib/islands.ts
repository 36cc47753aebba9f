export interface Island {
  mount(root: HTMLElement): void | Promise<void>;
}

type Loader = () => Promise<Island>;

const loaders = new Map<string, Loader>(
  Object.entries(import.meta.glob<Island>("../islands/*/index.ts")).map(([path, load]) => [
    path.split("/").at(-2) as string,
    load,
  ]),
);
const mounted = new WeakSet<HTMLElement>();

/**
 * Mount every island in this part of the page, each element once. An element may hold several:
 * data-island="dialog confirm". An island that fails leaves its element as the server made it.
 */
export function mountIslands(part: ParentNode): void {
  const found = [...part.querySelectorAll<HTMLElement>("[data-island]")];
  if (part instanceof HTMLElement && part.matches("[data-island]")) found.unshift(part);
  for (const root of found) {
    if (mounted.has(root)) continue;
    mounted.add(root);
    for (const name of (root.dataset["island"] ?? "").split(/\s+/).filter(Boolean)) {
      void mountOne(name, root);
    }
  }
}

async function mountOne(name: string, root: HTMLElement): Promise<void> {
  const load = loaders.get(name);
  if (!load) {
    console.error(`No island is called "${name}".`);
    return;
  }
  try {
    const island = await load();
    await island.mount(root);
  } catch (error) {
    console.error(`The island "${name}" did not start.`, error);
  }
}
