import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.security.auth.callback.Callback;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.auth.SaslExtensions;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerExtensionsValidatorCallback;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallback;

/**
 * Takes a token of MSK's IAM as MSK does: a presigned URL in base64url, whose signature (Signature Version 4 as its
 * specification writes it) is recomputed with the keys of a file: lines `id secret session-token principal`, `-` for none. Each
 * decision is appended to the file beside it.
 */
public class MskTokenVerifier implements AuthenticateCallbackHandler {
    private static final Set<String> UNSIGNED = Set.of("X-Amz-Signature", "User-Agent");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private Path keys;
    private String region;

    @Override
    public void configure(Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> entries) {
        Map<String, ?> options = entries.get(0).getOptions();
        keys = Path.of((String) options.get("keys"));
        region = (String) options.get("region");
    }

    @Override
    public void handle(Callback[] callbacks) throws IOException {
        for (Callback each : callbacks) {
            if (each instanceof OAuthBearerValidatorCallback asked) decide(asked);
            else if (each instanceof OAuthBearerExtensionsValidatorCallback more) more.inputExtensions();
        }
    }

    private void decide(OAuthBearerValidatorCallback asked) throws IOException {
        String said;
        try {
            OAuthBearerToken token = verified(asked.tokenValue());
            asked.token(token);
            said = "good " + token.principalName();
        } catch (Exception thrown) {
            asked.error("Access denied: " + thrown.getMessage(), null, null);
            said = "bad " + thrown.getMessage();
        }
        say(said);
    }

    private OAuthBearerToken verified(String text) throws Exception {
        URI uri = URI.create(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
        String host = "kafka." + region + ".amazonaws.com";
        if (!uri.getScheme().equals("https") || !uri.getHost().equals(host) || !uri.getPath().equals("/"))
            throw new Exception("not for " + host);
        TreeMap<String, String> raw = new TreeMap<>();
        for (String pair : uri.getRawQuery().split("&")) {
            int at = pair.indexOf('=');
            raw.put(pair.substring(0, at), pair.substring(at + 1));
        }
        Signed signed = signed(host, raw);
        return token(text, signed.principal(), signed.start(), signed.end());
    }

    /** Who signed, and from when to when it holds, ms. */
    record Signed(String principal, long start, long end) {}

    /** The query of a presigned call to `host`, each value as it stands in the URL. */
    Signed signed(String host, TreeMap<String, String> all) throws Exception {
        TreeMap<String, String> raw = new TreeMap<>();
        TreeMap<String, String> query = new TreeMap<>();
        all.forEach((name, value) -> {
            query.put(name, URLDecoder.decode(value, StandardCharsets.UTF_8));
            if (!UNSIGNED.contains(name)) raw.put(name, value);
        });
        if (!"kafka-cluster:Connect".equals(query.get("Action"))) throw new Exception("another action");
        if (!"host".equals(query.get("X-Amz-SignedHeaders"))) throw new Exception("other signed headers");
        Instant at = Instant.from(TIME.parse(query.get("X-Amz-Date")));
        long seconds = Long.parseLong(query.get("X-Amz-Expires"));
        if (seconds > 900) throw new Exception("valid for longer than 900 s");
        Instant end = at.plusSeconds(seconds);
        if (Instant.now().isAfter(end) || at.isAfter(Instant.now().plusSeconds(300))) throw new Exception("expired");
        String[] credential = query.get("X-Amz-Credential").split("/", 2);
        String[] key = keyOf(credential[0]);
        String session = query.getOrDefault("X-Amz-Security-Token", "-");
        if (!session.equals(key[2])) throw new Exception("the session token is another");
        String day = query.get("X-Amz-Date").substring(0, 8);
        String scope = day + "/" + region + "/kafka-cluster/aws4_request";
        if (!credential[1].equals(scope)) throw new Exception("not scoped to " + scope);
        StringBuilder line = new StringBuilder();
        raw.forEach((name, value) -> line.append(line.length() == 0 ? "" : "&").append(name).append('=').append(value));
        String canonical = String.join("\n", "GET", "/", line, "host:" + host, "", "host", hash(""));
        String toSign = String.join("\n", "AWS4-HMAC-SHA256", query.get("X-Amz-Date"), scope, hash(canonical));
        byte[] signing = ("AWS4" + key[1]).getBytes(StandardCharsets.UTF_8);
        for (String part : List.of(day, region, "kafka-cluster", "aws4_request")) signing = hmac(signing, part);
        if (!HexFormat.of().formatHex(hmac(signing, toSign)).equals(query.get("X-Amz-Signature")))
            throw new Exception("the signature does not match");
        return new Signed(key[3], at.toEpochMilli(), end.toEpochMilli());
    }

    /** Kept for the test, which asks who was let in. */
    void say(String line) throws IOException {
        Files.writeString(Path.of(keys + ".log"), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private String[] keyOf(String id) throws Exception {
        for (String line : Files.readAllLines(keys)) {
            String[] parts = line.split(" ");
            if (parts[0].equals(id)) return parts;
        }
        throw new Exception("there is no such key");
    }

    private static OAuthBearerToken token(String value, String principal, long start, long end) {
        return new OAuthBearerToken() {
            @Override public String value() { return value; }
            @Override public Set<String> scope() { return Set.of(); }
            @Override public long lifetimeMs() { return end; }
            @Override public String principalName() { return principal; }
            @Override public Long startTimeMs() { return start; }
        };
    }

    private static String hash(String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static byte[] hmac(byte[] key, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {}
}
