using System.Globalization;
using System.Security;
using System.Text;
using ClientCredentials.Benchmarks.HotPath;

namespace ClientCredentials.Benchmarks.Report;

/// <summary>Two rows of bars, bytes and time, as one SVG that needs nothing else and is readable on light and on dark ground.</summary>
internal static class Chart
{
    private const int Width = 760;
    private const int LabelWidth = 300;
    private const int BarHeight = 18;
    private const int RowHeight = 28;
    private const int TitleHeight = 44;

    public static string Draw(IReadOnlyList<Result> results)
    {
        Result[] shown = [.. results.Where(result => result.Contender.Name == Contenders.Ours || result.Contender.IsPeer)];
        int panelHeight = TitleHeight + (shown.Length * RowHeight);
        int height = (2 * panelHeight) + 12;
        StringBuilder svg = new();
        Line(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" width="{Width}" height="{height}" role="img" aria-label="Bytes and time that a token costs each request">""");
        svg.Append("""
            <style>
              text { font: 13px system-ui, sans-serif; fill: #24292f }
              .title { font-weight: 600 }
              .peer { fill: #8c959f }
              .ours { fill: #1a7f37 }
              @media (prefers-color-scheme: dark) {
                text { fill: #e6edf3 }
                .peer { fill: #6e7681 }
                .ours { fill: #3fb950 }
              }
            </style>

            """);
        Panel(svg, top: 0, "Bytes allocated for the token of one request", shown, result => result.Bytes, "B");
        Panel(svg, panelHeight, "Time for the token of one request", shown, result => result.Nanoseconds, "ns");
        svg.Append("</svg>\n");
        return svg.ToString();
    }

    private static void Panel(StringBuilder svg, int top, string title, Result[] results, Func<Result, IReadOnlyList<double>> figures, string unit)
    {
        double most = results.Max(result => Race.Median(figures(result)));
        const int Room = Width - LabelWidth - 110;
        Line(svg, $"""<text class="title" x="8" y="{top + 26}">{title}</text>""");
        for (int row = 0; row < results.Length; row++)
        {
            double figure = Race.Median(figures(results[row]));
            int y = top + TitleHeight + (row * RowHeight);
            double length = Math.Max(1, figure / most * Room);
            string kind = results[row].Contender.IsPeer ? "peer" : "ours";
            Line(svg, $"""<text x="{LabelWidth - 8}" y="{y + 13}" text-anchor="end">{SecurityElement.Escape(results[row].Contender.Name)}</text>""");
            Line(svg, $"""<rect class="{kind}" x="{LabelWidth}" y="{y}" width="{length:0.#}" height="{BarHeight}" rx="2"/>""");
            Line(svg, $"""<text x="{LabelWidth + length + 6:0.#}" y="{y + 13}">{figure:N0} {unit}</text>""");
        }
    }

    private static void Line(StringBuilder svg, FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
