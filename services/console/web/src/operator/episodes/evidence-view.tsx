import { type EpisodeView, PROPERTY_DEFINITIONS } from "@hotgrid/contracts";
import { Table } from "antd";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { distanceText, type Octant } from "../../place/bearing.ts";
import { useConsole } from "../console-context.ts";
import { useLive } from "../live/use-live-city.ts";
import { operatorPhrases } from "../phrases.ts";
import { valueText } from "../stations/value-text.ts";

type Evidence = NonNullable<EpisodeView["evidence"]>;

/** What the verdict rests on, as sentences; the neighbours as a table. */
export function EvidenceView({ evidence }: { evidence: Evidence }) {
  const text = useText(operatorPhrases);
  return (
    <section data-testid="evidence">
      <h3>{text("evidence.title")}</h3>
      <EvidenceSentences evidence={evidence} />
      {evidence.neighbours.length === 0 ? null : <Neighbours evidence={evidence} />}
    </section>
  );
}

function EvidenceSentences({ evidence }: { evidence: Evidence }) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const stations = useLive((state) => state.stations);
  const { observedProperty: property, otherProperties, wind } = evidence;
  const others = otherProperties.map(
    (other) =>
      `${PROPERTY_DEFINITIONS[other.observedProperty][language]} ${signed(valueText(other.observedProperty, other.excess))}`,
  );
  return (
    <ul className="sentences">
      <li>
        {text("evidence.value", {
          station: stations.get(evidence.stationId)?.name ?? evidence.stationId,
          property: PROPERTY_DEFINITIONS[property][language],
          value: valueText(property, evidence.value),
          background: valueText(property, evidence.background),
        })}
      </li>
      <li>
        {text("evidence.excess", {
          excess: valueText(property, evidence.excess),
          threshold: valueText(property, evidence.threshold),
        })}
      </li>
      <li>{text("evidence.hot", { n: evidence.hotMinutes, z: evidence.z.toFixed(1) })}</li>
      {wind === null ? null : (
        <li>
          {text("evidence.wind", {
            direction: text(`direction.${(Math.round(wind.direction / 45) % 8) as Octant}`),
            speed: wind.speed.toFixed(1),
          })}
        </li>
      )}
      {others.length === 0 ? null : <li>{text("evidence.others", { list: others.join("、") })}</li>}
    </ul>
  );
}

const signed = (value: string): string => (value.startsWith("-") ? value : `+${value}`);

function Neighbours({ evidence }: { evidence: Evidence }) {
  const text = useText(operatorPhrases);
  const { navigation } = useConsole();
  const stations = useLive((state) => state.stations);
  const property = evidence.observedProperty;
  return (
    <Table
      size="small"
      pagination={false}
      rowKey="stationId"
      dataSource={evidence.neighbours}
      columns={[
        {
          title: text("evidence.neighbours"),
          dataIndex: "stationId",
          render: (id: string) => (
            <button type="button" className="link" onClick={() => navigation.open("station", id)}>
              {stations.get(id)?.name ?? id}
            </button>
          ),
        },
        { title: text("evidence.distance"), dataIndex: "distanceMetres", render: distanceText },
        {
          title: text("evidence.neighbourValue"),
          dataIndex: "value",
          render: (value: number) => valueText(property, value),
        },
        { title: text("evidence.rise"), dataIndex: "rise", render: (rise: number) => signed(rise.toFixed(1)) },
      ]}
    />
  );
}
