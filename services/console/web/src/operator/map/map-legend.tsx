import { PROPERTY_DEFINITIONS } from "@hotgrid/contracts";
import { useState } from "react";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { operatorPhrases } from "../phrases.ts";
import { type ColouredProperty, LEGEND, NO_READING_COLOUR } from "./iaqi-colour.ts";

/** On a narrow screen it would cover the map; it opens there on demand. As in operator.css. */
const WIDE = "(min-width: 901px)";

export function MapLegend({ property }: { property: ColouredProperty }) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const [wide] = useState(() => matchMedia(WIDE).matches);
  return (
    <details className="legend" open={wide}>
      <summary>
        {text("map.legend")} · {PROPERTY_DEFINITIONS[property][language]} IAQI
      </summary>
      <ul>
        {LEGEND.map((category) => (
          <li key={category.level}>
            <span className="dot" style={{ background: category.colour }} /> {category[language]}
          </li>
        ))}
        <li>
          <span className="dot" style={{ background: NO_READING_COLOUR }} /> {text("map.offline")}
        </li>
        <li>
          <span className="legend-cell" /> {text("map.cells")}
        </li>
        <li>
          <span className="legend-source" /> {text("map.source")}
        </li>
      </ul>
    </details>
  );
}
