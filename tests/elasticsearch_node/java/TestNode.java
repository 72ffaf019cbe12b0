import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.http.HttpServerTransport;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * One real Elasticsearch node on the loopback address: TestNode HOME DATA [SETTING=VALUE ...].
 *
 * Prints "READY PORT" once it serves, and ends when its standard input does: a test run that is killed
 * leaves no node behind. Port 0 (the default) lets the system choose, so that runs side by side never collide.
 */
public final class TestNode {
  public static void main(String[] args) throws Exception {
    Path home = Path.of(args[0]);
    LogConfigurator.configureWithoutConfig(Settings.EMPTY);
    LogConfigurator.setNodeName("test");
    Environment environment = InternalSettingsPreparer.prepareEnvironment(
        settings(home, args), Map.of(), home.resolve("config"), () -> "test");
    PluginsLoader plugins = PluginsLoader.createPluginsLoader(
        PluginsLoader.loadModulesBundles(environment.modulesDir(), false), Set.of(), Map.of(), false);
    Node node = new Node(environment, plugins);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node)));
    node.start();
    int port = node.injector().getInstance(HttpServerTransport.class).boundAddress().publishAddress().getPort();
    System.out.println("READY " + port);
    while (System.in.read() != -1) { }
    System.exit(0);
  }

  private static Settings settings(Path home, String[] args) {
    Settings.Builder builder = Settings.builder()
        .put("path.home", home.toString()).put("path.data", args[1])
        .put("cluster.name", "kabar-test").put("node.name", "test")
        .put("network.host", "127.0.0.1").put("http.port", "0").put("transport.port", "0")
        .put("http.type", "netty4").put("transport.type", "netty4")
        .put("discovery.type", "single-node")
        .put("cluster.routing.allocation.disk.threshold_enabled", "false");  // a full laptop is no test failure
    for (int i = 2; i < args.length; i++) {
      int equals = args[i].indexOf('=');
      builder.put(args[i].substring(0, equals), args[i].substring(equals + 1));
    }
    return builder.build();
  }

  private static void close(Node node) {
    try {
      node.close();
    } catch (Exception error) {
      error.printStackTrace();
    }
  }
}
