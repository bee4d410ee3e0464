import { useEffect } from "react";

/** Shows how many wait in the title of the browser's tab, in front of its name: "(3) 热点网格". */
export function useTitleCount(count: number): void {
  useEffect(() => {
    const name = document.title.replace(/^\(\d+\) /, "");
    document.title = count > 0 ? `(${count}) ${name}` : name;
    return () => {
      document.title = name;
    };
  }, [count]);
}
