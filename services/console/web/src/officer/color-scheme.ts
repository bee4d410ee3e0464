/** antd-mobile takes its dark colours from an attribute of the root; the phone says when it is night. */
export function followColorScheme(): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    document.documentElement.setAttribute("data-prefers-color-scheme", dark.matches ? "dark" : "light");
  };
  apply();
  dark.addEventListener("change", apply);
}
