import java.io.IOException;
import java.io.StringReader;
import java.text.ParseException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.id.IndonesianAnalyzer;
import org.apache.lucene.analysis.id.IndonesianStemFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.synonym.SolrSynonymParser;
import org.apache.lucene.analysis.synonym.SynonymGraphFilter;
import org.apache.lucene.analysis.synonym.SynonymMap;
import org.elasticsearch.Build;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.cluster.node.DiscoveryNodes;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.features.NodeFeature;
import org.elasticsearch.index.IndexSettings;
import org.elasticsearch.index.analysis.AbstractIndexAnalyzerProvider;
import org.elasticsearch.index.analysis.AbstractTokenFilterFactory;
import org.elasticsearch.index.analysis.AnalyzerProvider;
import org.elasticsearch.index.analysis.NormalizingTokenFilterFactory;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.ActionPlugin;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.rest.BaseRestHandler;
import org.elasticsearch.rest.RestHandler;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestResponse;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.xcontent.XContentBuilder;
import org.tartarus.snowball.ext.EnglishStemmer;

/**
 * What the full distribution brings in modules that Maven Central doesn't carry and that Kabar uses: the analyzer
 * "indonesian", the filters "asciifolding", "stemmer" (Indonesian and porter2) and "synonym_graph" (lower-cased and
 * folded, as Kabar's chain is before it), and GET and HEAD of "/". All of it is
 * Lucene's own code under the names the distribution gives it, so that what passes here means the same there.
 */
public final class MissingModules extends Plugin implements AnalysisPlugin, ActionPlugin {
  @Override
  public Map<String, AnalysisProvider<AnalyzerProvider<? extends Analyzer>>> getAnalyzers() {
    return Map.of("indonesian", (index, environment, name, settings) -> new Indonesian(name));
  }

  @Override
  public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
    return Map.of(
        "asciifolding", Folding::new,
        "stemmer", AnalysisPlugin.requiresAnalysisSettings(Stemmer::new),
        "synonym_graph", AnalysisPlugin.requiresAnalysisSettings(Synonyms::new));
  }

  @Override
  public Collection<RestHandler> getRestHandlers(
      RestHandlersServices services, Supplier<DiscoveryNodes> nodes, Predicate<NodeFeature> features) {
    return List.of(new Root());
  }

  private static final class Indonesian extends AbstractIndexAnalyzerProvider<Analyzer> {
    Indonesian(String name) {
      super(name);
    }

    @Override
    public Analyzer get() {
      return new IndonesianAnalyzer();
    }
  }

  private static final class Folding extends AbstractTokenFilterFactory implements NormalizingTokenFilterFactory {
    Folding(IndexSettings index, Environment environment, String name, Settings settings) {
      super(name);
    }

    @Override
    public TokenStream create(TokenStream tokens) {
      return new ASCIIFoldingFilter(tokens);
    }
  }

  private static final class Stemmer extends AbstractTokenFilterFactory {
    private final String language;

    Stemmer(IndexSettings index, Environment environment, String name, Settings settings) {
      super(name);
      language = settings.get("language", settings.get("name", "porter"));
      if (!language.equals("indonesian") && !language.equals("porter2")) {
        throw new IllegalArgumentException("the test node stems Indonesian and porter2 only, not " + language);
      }
    }

    @Override
    public TokenStream create(TokenStream tokens) {
      return language.equals("porter2")
          ? new SnowballFilter(tokens, new EnglishStemmer()) : new IndonesianStemFilter(tokens, true);
    }
  }

  private static final class Synonyms extends AbstractTokenFilterFactory {
    private final SynonymMap map;

    Synonyms(IndexSettings index, Environment environment, String name, Settings settings) {
      super(name);
      SolrSynonymParser parser = new SolrSynonymParser(true, true, new Folded());
      try {
        parser.parse(new StringReader(String.join("\n", settings.getAsList("synonyms"))));
        map = parser.build();
      } catch (IOException | ParseException error) {
        throw new IllegalArgumentException("failed to build synonyms", error);
      }
    }

    @Override
    public TokenStream create(TokenStream tokens) {
      return map.fst == null ? tokens : new SynonymGraphFilter(tokens, map, true);
    }
  }

  private static final class Folded extends Analyzer {
    @Override
    protected TokenStreamComponents createComponents(String field) {
      Tokenizer words = new StandardTokenizer();
      return new TokenStreamComponents(words, new ASCIIFoldingFilter(new LowerCaseFilter(words)));
    }
  }

  private static final class Root extends BaseRestHandler {
    @Override
    public String getName() {
      return "root";
    }

    @Override
    public List<Route> routes() {
      return List.of(new Route(RestRequest.Method.GET, "/"), new Route(RestRequest.Method.HEAD, "/"));
    }

    @Override
    protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) {
      return channel -> {
        XContentBuilder body = channel.newBuilder().startObject()
            .field("name", "test").field("cluster_name", "kabar-test")
            .startObject("version").field("number", Build.current().version()).field("build_flavor", "default")
            .endObject().field("tagline", "You Know, for Search").endObject();
        channel.sendResponse(new RestResponse(RestStatus.OK, body));
      };
    }
  }
}
