import { PROPERTY_DEFINITIONS } from "@hotgrid/contracts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { operatorPhrases } from "../phrases.ts";
import { type ColouredProperty, LEGEND, NO_READING_COLOUR } from "./iaqi-colour.ts";

export function MapLegend({ property }: { property: ColouredProperty }) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  return (
    <details className="legend" open>
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
