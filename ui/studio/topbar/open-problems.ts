/** The menu that lists what keeps the workflow from running. */
export const problemsMenuId = "problems-menu";

/** Opens that list with its first entry in hand; false where there is none to open. */
export function openProblems(): boolean {
  const menu = document.getElementById(problemsMenuId);
  if (!menu) return false;
  // Through its own button, which is also what it is placed by.
  if (!menu.matches(":popover-open"))
    document.querySelector<HTMLElement>(`[popovertarget="${problemsMenuId}"]`)?.click();
  menu.querySelector<HTMLElement>("button")?.focus();
  return true;
}
