package io.confluent.kafkarest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands in for Confluent's REST proxy, whose archive is not to be had where the tests run: v2 of its API for topics and for
 * producing JSON, with Kafka's own Java client behind it. It is stricter than the original in one thing: what the original would
 * pass over (an unknown name in its properties, a class path with an empty entry) ends it, so that mistakes of ours are seen.
 */
public final class KafkaRestMain {
  private static final Logger log = LoggerFactory.getLogger(KafkaRestMain.class);
  private static final ObjectMapper json = new ObjectMapper();
  private static final String type = "application/vnd.kafka.v2+json";
  private static final String jsonRecords = "application/vnd.kafka.json.v2+json";
  private static final Set<String> own = Set.of("id", "listeners", "bootstrap.servers");

  private final KafkaProducer<byte[], byte[]> producer;
  private final Admin admin;

  private KafkaRestMain(KafkaProducer<byte[], byte[]> producer, Admin admin) {
    this.producer = producer;
    this.admin = admin;
  }

  public static void main(String[] args) throws IOException {
    for (String entry : System.getProperty("java.class.path").split(":", -1))
      if (entry.isEmpty()) throw new IllegalArgumentException("The class path has an empty entry: the folder it runs in.");
    if (args.length != 1) throw new IllegalArgumentException("USAGE: kafka-rest-start <properties>");
    Properties given = new Properties();
    try (FileInputStream in = new FileInputStream(args[0])) {
      given.load(in);
    }
    Properties client = new Properties();
    client.put("bootstrap.servers", given.getProperty("bootstrap.servers").replaceAll("(PLAINTEXT|SASL_SSL)://", ""));
    for (String name : given.stringPropertyNames())
      if (name.startsWith("client.")) client.put(name.substring("client.".length()), given.getProperty(name));
    Properties produce = new Properties();
    produce.putAll(client);
    for (String name : given.stringPropertyNames()) {
      if (name.startsWith("client.") && ProducerConfig.configNames().contains(name.substring("client.".length()))) continue;
      String inner = name.startsWith("producer.") ? name.substring("producer.".length()) : "";
      if (!own.contains(name) && !ProducerConfig.configNames().contains(inner))
        throw new IllegalArgumentException("Unknown configuration: " + name);
      if (!inner.isEmpty()) produce.put(inner, given.getProperty(name));
    }
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(produce, new ByteArraySerializer(), new ByteArraySerializer());
    KafkaRestMain proxy = new KafkaRestMain(producer, Admin.create(client));
    URI listener = URI.create(given.getProperty("listeners"));
    HttpServer server = HttpServer.create(new InetSocketAddress(listener.getHost(), listener.getPort()), 0);
    server.setExecutor(Executors.newFixedThreadPool(16));
    server.createContext("/", proxy::answer);
    server.start();
    log.info("Server started, listening for requests...");
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String[] path = exchange.getRequestURI().getPath().split("/", -1);
      boolean topics = path.length >= 2 && path[1].equals("topics");
      String topic = topics && path.length == 3 ? path[2] : "";
      String method = exchange.getRequestMethod();
      if (topics && path.length == 2 && method.equals("GET")) tell(exchange, 200, json.valueToTree(names()));
      else if (!topic.isEmpty() && method.equals("GET") && names().contains(topic))
        tell(exchange, 200, json.createObjectNode().put("name", topic));
      else if (!topic.isEmpty() && method.equals("GET")) fail(exchange, 404, 40401, "Topic not found.");
      else if (!topic.isEmpty() && method.equals("POST")) produce(exchange, topic);
      else fail(exchange, 404, 404, "HTTP 404 Not Found");
    } catch (Exception thrown) {
      log.error("A request failed", thrown);
    }
  }

  private Set<String> names() throws Exception {
    return new TreeSet<>(admin.listTopics().names().get(10, TimeUnit.SECONDS));
  }

  private void produce(HttpExchange exchange, String topic) throws Exception {
    if (!jsonRecords.equals(exchange.getRequestHeaders().getFirst("content-type"))) {
      fail(exchange, 415, 415, "HTTP 415 Unsupported Media Type");
      return;
    }
    JsonNode records = json.readTree(exchange.getRequestBody().readAllBytes()).path("records");
    if (!records.isArray()) {
      fail(exchange, 422, 422, "Unrecognized field or no records");
      return;
    }
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (JsonNode record : records)
      sent.add(producer.send(new ProducerRecord<>(topic, bytes(record.get("key")), bytes(record.get("value")))));
    ArrayNode offsets = json.createArrayNode();
    for (Future<RecordMetadata> one : sent) offsets.add(result(one, topic));
    ObjectNode body = json.createObjectNode();
    body.set("offsets", offsets);
    body.putNull("key_schema_id").putNull("value_schema_id");
    tell(exchange, 200, body);
  }

  private static byte[] bytes(JsonNode node) throws IOException {
    return node == null || node.isNull() ? null : json.writeValueAsBytes(node);
  }

  private static ObjectNode result(Future<RecordMetadata> sent, String topic) throws InterruptedException {
    ObjectNode item = json.createObjectNode();
    try {
      RecordMetadata place = sent.get();
      item.put("partition", place.partition()).put("offset", place.offset());
      return item.putNull("error_code").putNull("error");
    } catch (ExecutionException thrown) {
      Throwable cause = thrown.getCause();
      log.warn("A record of {} was refused: {}", topic, cause.toString());
      item.putNull("partition").putNull("offset");
      return item.put("error_code", code(cause)).put("error", cause.getMessage());
    }
  }

  private static int code(Throwable cause) {
    if (cause instanceof AuthenticationException) return 40101;
    if (cause instanceof AuthorizationException) return 40301;
    return cause instanceof RetriableException ? 50003 : 50002;
  }

  private static void fail(HttpExchange exchange, int status, int code, String message) throws IOException {
    tell(exchange, status, json.valueToTree(Map.of("error_code", code, "message", message)));
  }

  private static void tell(HttpExchange exchange, int status, JsonNode body) throws IOException {
    // A connection is kept only where the request was read to its end.
    exchange.getRequestBody().readAllBytes();
    byte[] text = json.writeValueAsBytes(body);
    exchange.getResponseHeaders().set("content-type", type);
    exchange.sendResponseHeaders(status, text.length);
    exchange.getResponseBody().write(text);
  }
}
