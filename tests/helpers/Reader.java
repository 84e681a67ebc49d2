/** Kafka's own consumer reads a whole topic by offset and prints one line of base64 a record. */
import java.util.*;
import java.time.Duration;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.common.*;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

public class Reader {
  static String text(byte[] bytes) {
    return bytes == null ? "-" : "=" + Base64.getEncoder().encodeToString(bytes);
  }

  public static void main(String[] args) {
    Map<String, Object> settings = Map.of(
      "bootstrap.servers", args[0],
      "fetch.max.wait.ms", 50,
      "max.partition.fetch.bytes", 33_554_432);
    var bytes = new ByteArrayDeserializer();
    try (var consumer = new KafkaConsumer<byte[], byte[]>(settings, bytes, bytes)) {
      List<TopicPartition> all = consumer.partitionsFor(args[1]).stream()
        .map(each -> new TopicPartition(args[1], each.partition())).toList();
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      ends.forEach((at, end) -> System.out.println("end " + at.partition() + " " + end));
      while (all.stream().anyMatch(at -> consumer.position(at) < ends.get(at))) {
        for (var record : consumer.poll(Duration.ofMillis(100))) {
          var line = new StringBuilder("record ")
            .append(record.partition()).append(' ').append(record.offset()).append(' ')
            .append(record.timestamp()).append(' ')
            .append(text(record.key())).append(' ').append(text(record.value()));
          for (Header header : record.headers())
            line.append(' ').append(text(header.key().getBytes())).append(' ').append(text(header.value()));
          System.out.println(line);
        }
      }
    }
  }
}
